import time, random, io, os
import psycopg
from sqlalchemy import text
import pytest
import arshjul.intake.processing as P
import arshjul.warehouse.statements as ST
from arshjul.warehouse import server
N=int(os.environ.get("PERF_N","100000")) if False else 100000
def test_perf(desk):
    ids=[f"INS-{i:06d}" for i in range(max(10,N//25))]
    desk.send("insatser", [desk.enrolment(i, k, start="2026-01-02") for k,i in enumerate(ids)])
    rnd=random.Random(1)
    rows=[]
    for i in ids:
        for d in range(1,26):
            p=rnd.choice(["8","6","7,5"]); a=p if rnd.random()<.8 else "4,25"
            rows.append([i, f"2026-03-{d:02d}", p, a, "sjuk" if a!=p else ""])
    for k in range(0,len(rows),100): rows[k][2]="x"
    rnd.shuffle(rows)
    f=desk.put(desk.name("narvaro"), desk.csv("narvaro", rows))
    data=f.path.read_bytes()
    # bare copy with row number
    url=str(desk.office.engine.url.render_as_string(hide_password=False)).replace("+psycopg","")
    best=[]
    with psycopg.connect(url) as c:
        for _ in range(3):
            c.execute("DROP TABLE IF EXISTS staging.bare"); c.execute("DROP SEQUENCE IF EXISTS staging.s"); c.execute("CREATE SEQUENCE staging.s CACHE 100000")
            c.execute("CREATE UNLOGGED TABLE staging.bare (a text,b text,c text,d text,e text, row_no int default nextval('staging.s'))")
            t=time.perf_counter()
            with c.cursor().copy("COPY staging.bare (a,b,c,d,e) FROM STDIN WITH (FORMAT csv, DELIMITER ';', HEADER)") as cp:
                for o in range(0,len(data),1<<20): cp.write(data[o:o+(1<<20)])
            best.append(time.perf_counter()-t)
        c.execute("DROP TABLE staging.bare"); c.commit()
    bare=sorted(best)[1]
    times={}
    orig=ST._run
    def run(conn, sql, name, params):
        t=time.perf_counter()
        try: return orig(conn, sql, name, params)
        finally: times[name[:50]]=times.get(name[:50],0)+time.perf_counter()-t
    ST._run=run
    oload=P.load_rows
    def load(*a):
        t=time.perf_counter(); oload(*a); times['LOAD_ROWS']=time.perf_counter()-t
    P.load_rows=load
    from arshjul.intake.delivery import receive
    import resource
    t=time.perf_counter(); r=receive(desk.office,f,desk.run_id); total=time.perf_counter()-t
    ST._run=orig
    print(N, "bare", round(bare,3), "total", round(total,3), "ratio", round(bare/total,3), desk.counts(r), "rss", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss//1024)
    for k,v in sorted(times.items(), key=lambda x:-x[1])[:14]: print("  %-52s %.3f"%(k,v))
    # corrected delivery
    for k in range(50, len(rows), 100): rows[k][2]="24"; rows[k][4]="sjuk"; rows[k][3]="1"
    f=desk.put(desk.name("narvaro"), desk.csv("narvaro", rows))
    t=time.perf_counter(); r=receive(desk.office,f,desk.run_id); print("correction", round(time.perf_counter()-t,3), desk.counts(r))
    t=time.perf_counter(); r=receive(desk.office,f,desk.run_id); print("identical", round(time.perf_counter()-t,3), r.status)
    assert 0
