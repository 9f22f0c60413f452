-- The holders whom the register knows, and those of known certificates: all of them at once and in one order, so that no two
-- steps wait for each other. Nobody else knows the new ones yet.
select p.id
from person p
where p.id in (select k.person_id from intake_known k where k.batch_id = $1 and k.row_no > $2 and k.row_no <= $3
               union
               select c.person_id
               from intake_known k join certificate c on c.id = k.certificate_id
               where k.batch_id = $1 and k.row_no > $2 and k.row_no <= $3)
order by p.id
for update
