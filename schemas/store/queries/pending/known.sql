select number as "number!", certificate_id as "certificate: CertificateId", business, filed_on, closed_on,
       batch_id as "batch: BatchId", row_no
from pending_business
where number = any ($1)
