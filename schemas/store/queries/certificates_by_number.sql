select c.id as "id: CertificateId", c.kind, c.number, c.number_printed, p.name as holder_name, p.id_kind, p.id_number,
       e.name as "employer_name?", c.category, c.legal_status, c.stage, c.valid_from, c.valid_until, c.version,
       (select o.identifier from issue_order o where o.certificate_id = c.id and o.version = c.version) as identifier
from certificate c
join person p on p.id = c.person_id
left join employer e on e.id = c.employer_id
where c.number = $1
order by c.id
