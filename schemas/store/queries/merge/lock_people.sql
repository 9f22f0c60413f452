select p.id
from person p
where exists (select from intake_row r
              where r.batch_id = $1 and r.row_no > $2 and r.row_no <= $3 and (r.id_kind, r.id_number) = (p.id_kind, p.id_number)
                and r.outcome in ('loaded', 'warned') and not r.superseded and not r.merged and r.number is not null)
order by p.id
for update
