-- Employers that a batch names by an old organisation code or by none, beside the codes of eighteen characters that the register or
-- the batch itself has under the same match key and that hold the old code at their places 9 to 17.
with named as materialized (
    select employer_key, coalesce(employer_code, '') as code
    from intake_row
    where batch_id = $1 and employer_key is not null and (employer_code is null or length(employer_code) in (0, 9))
      and outcome in ('loaded', 'warned', 'held')
    group by 1, 2
), told as (
    select n.employer_key, e.code
    from named n join employer e on e.match_key = n.employer_key and length(e.code) = 18
    union
    select n.employer_key, r.employer_code
    from (select distinct employer_key from named) n join intake_row r on r.employer_key = n.employer_key
    where r.batch_id = $1 and length(r.employer_code) = 18 and r.outcome in ('loaded', 'warned', 'held')
)
select n.employer_key as "key!", n.code as "old!", t.code as "unified!"
from named n join told t on t.employer_key = n.employer_key and (n.code = '' or substr(t.code, 9, 9) = n.code)
order by 1, 2, 3
