-- Known certificates that a batch changed or asked for, with the state that they go back to.
select c.id as "id: CertificateId", c.legal_status, c.stage,
       coalesce(p.content ->> 'legal_status', c.legal_status) as "prior_status!",
       coalesce(p.content ->> 'stage', 'paper') as "prior_stage!",
       coalesce((p.content ->> 'issue_requested')::boolean, false) as "prior_requested!",
       p.content ->> 'hold_reason' as hold_reason
from certificate c
left join certificate_prior p on (p.batch_id, p.certificate_id) = ($1, c.id)
where c.kind = $2 and c.batch_id is distinct from $1
  and (p.batch_id is not null or c.number in (select r.number from intake_row r where r.batch_id = $1 and r.outcome in ('loaded', 'warned')))
  and exists (select from certificate_event e where e.certificate_id = c.id and e.detail ->> 'batch' = $1::text)
order by c.id
