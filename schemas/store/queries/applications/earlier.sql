select number, certificate_id as "certificate: CertificateId", content, answer, batch_id as "batch: BatchId", row_no
from application
where number = any ($1) or number = '' and certificate_id = any ($2)
order by id
