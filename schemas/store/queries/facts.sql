select c.id, c.person_id, c.revision, c.version, c.kind, c.legal_status, c.stage, c.issue_requested,
       c.valid_from, c.valid_until, c.first_issued_on, c.issued_on, c.category, c.number_year, c.batch_id,
       p.birth_date,
       p.portrait_photo_id is not null as "photo_approved!",
       exists (select from pending_business b where b.certificate_id = c.id and b.closed_on is null) as "pending_business!"
from certificate c
join person p on p.id = c.person_id
where c.id = any ($1)
order by c.id
