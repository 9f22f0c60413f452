-- The holders of certificates that are known already; nobody else knows the new ones yet.
select p.id
from person p
where p.id in (select c.person_id
               from intake_row r join certificate c on (c.number, c.kind) = (r.number, $4)
               where r.batch_id = $1 and r.row_no > $2 and r.row_no <= $3
                 and r.outcome in ('loaded', 'warned') and not r.superseded)
order by p.id
for update
