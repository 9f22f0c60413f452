-- Rows whose name and birth date the register has under another document.
select distinct r.row_no
from intake_row r
join person p on (p.birth_date, p.name) = (r.birth_date, r.name)
where r.batch_id = $1 and r.outcome in ('loaded', 'warned', 'held') and (p.id_number, p.id_kind) <> (r.id_number, r.id_kind)
