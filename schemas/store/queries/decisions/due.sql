select d.id as "id: DecisionId", d.certificate_id as "certificate: CertificateId", d.batch_id as "batch: BatchId", d.row_no, d.content
from decision d
where d.effective_on <= $1 and not exists (select from decision_effect e where e.decision_id = d.id)
order by d.decided_on, d.id
limit $2
