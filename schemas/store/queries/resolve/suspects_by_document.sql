-- Rows of identity documents that occur more than once in the batch.
with several as materialized (
    select hashtextextended(id_number, 0) as hash
    from intake_row
    where batch_id = $1 and id_number is not null and outcome in ('loaded', 'warned', 'held')
    group by 1
    having count(*) > 1
)
select r.row_no
from several s join intake_row r on hashtextextended(r.id_number, 0) = s.hash
where r.batch_id = $1 and r.id_number is not null and r.outcome in ('loaded', 'warned', 'held')
