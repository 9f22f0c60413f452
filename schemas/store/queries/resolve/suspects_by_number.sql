-- Rows of numbers that occur more than once in the batch. Hashes stand for the texts, which makes the table of a million groups
-- small; what only shares a hash is told apart by the rules.
with several as materialized (
    select hashtextextended(number, 0) as hash
    from intake_row
    where batch_id = $1 and number is not null and outcome in ('loaded', 'warned', 'held')
    group by 1
    having count(*) > 1
)
select r.row_no
from several s join intake_row r on hashtextextended(r.number, 0) = s.hash
where r.batch_id = $1 and r.number is not null and r.outcome in ('loaded', 'warned', 'held')
