-- Employers of the whole batch, before its steps are merged side by side.
insert into employer (name, match_key, code)
select min(r.employer_name), r.employer_key, coalesce(r.employer_code, '')
from intake_row r
where r.batch_id = $1 and r.outcome in ('loaded', 'warned') and not r.superseded and r.employer_key is not null
group by r.employer_key, coalesce(r.employer_code, '')
order by 2, 3
on conflict on constraint employer_unique do nothing
