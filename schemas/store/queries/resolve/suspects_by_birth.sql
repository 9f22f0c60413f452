-- Rows of names and birth dates that occur more than once in the batch, or in the register under another document.
with several as materialized (
    select hashtextextended(name, birth_date - date '1900-01-01') as hash
    from intake_row
    where batch_id = $1 and birth_date is not null and outcome in ('loaded', 'warned', 'held')
    group by 1
    having count(*) > 1
)
select r.row_no as "row_no!"
from several s join intake_row r on hashtextextended(r.name, r.birth_date - date '1900-01-01') = s.hash
where r.batch_id = $1 and r.birth_date is not null and r.outcome in ('loaded', 'warned', 'held')
union
select r.row_no
from intake_row r
join person p on (p.birth_date, p.name) = (r.birth_date, r.name)
where r.batch_id = $1 and r.outcome in ('loaded', 'warned', 'held') and (p.id_number, p.id_kind) <> (r.id_number, r.id_kind)
