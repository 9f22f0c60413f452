select d.certificate_id as "certificate: CertificateId", d.version, c.version as newest_version, d.sha256, d.object_key as key,
       d.size_bytes, d.committed_at, c.kind, c.number, p.name as holder_name, c.valid_until, o.snapshot, o.qr_key_id, o.qr_base, o.signing_time
from document d
join certificate c on c.id = d.certificate_id
join person p on p.id = c.person_id
join issue_order o on o.id = d.order_id
where ($1::bytea is null or d.sha256 = $1) and ($2::bigint is null or d.certificate_id = $2)
order by d.version desc
