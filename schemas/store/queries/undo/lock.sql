-- The holders of every certificate that the batch made or spoke of.
select p.id
from person p
where p.id in (select c.person_id from certificate c where c.batch_id = $1
               union select c.person_id from certificate c join certificate_prior k on k.certificate_id = c.id and k.batch_id = $1
               union select c.person_id from certificate c join intake_row r on r.number = c.number and c.kind = $2
                     where r.batch_id = $1 and r.outcome in ('loaded', 'warned'))
order by p.id
for update
