insert into employer (name, match_key, code)
select distinct on (r.employer_key, coalesce(r.employer_code, ''))
       r.employer_name, r.employer_key, coalesce(r.employer_code, '')
from intake_row r
where r.batch_id = $1 and r.row_no > $2 and r.row_no <= $3
  and r.outcome in ('loaded', 'warned') and not r.superseded and not r.merged and r.employer_key is not null
order by r.employer_key, coalesce(r.employer_code, ''), r.row_no
on conflict on constraint employer_unique do nothing
