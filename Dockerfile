# The image that docker-compose.yaml runs: the locked packages and this repository, nothing fetched at run time.
FROM python:3.13-slim

RUN useradd --uid 50000 --create-home airflow \
    && install -d -o airflow -g airflow /opt/arshjul /opt/airflow /opt/airflow/logs \
        /var/lib/arshjul /var/lib/arshjul/landing /var/lib/arshjul/receipts /var/lib/arshjul/outbox
WORKDIR /opt/arshjul

COPY requirements.txt pyproject.toml ./
RUN pip install --no-cache-dir --require-hashes -r requirements.txt

COPY plugins plugins
COPY dags dags
COPY include include
RUN pip install --no-cache-dir --no-deps --no-build-isolation --editable .

ARG ARSHJUL_CODE_VERSION
ENV ARSHJUL_CODE_VERSION=${ARSHJUL_CODE_VERSION} \
    AIRFLOW_HOME=/opt/airflow \
    AIRFLOW__CORE__DAGS_FOLDER=/opt/arshjul/dags \
    AIRFLOW__CORE__PLUGINS_FOLDER=/opt/arshjul/plugins \
    PYTHONUNBUFFERED=1

USER airflow
ENTRYPOINT ["airflow"]
