-- one value: whether the register of providers has, or has had, one with this number
SELECT EXISTS (SELECT FROM core.anordnare WHERE orgnr = :provider)
