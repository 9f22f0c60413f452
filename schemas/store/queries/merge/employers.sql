-- Employers of the whole batch, before its steps are merged side by side; of several spellings of a name the first.
insert into employer (name, match_key, code)
select distinct on (match_key, code) name, match_key, code
from (select distinct employer_name as name, employer_key as match_key, coalesce(employer_code, '') as code
      from intake_row
      where batch_id = $1 and outcome in ('loaded', 'warned') and not superseded and employer_key is not null) named
order by match_key, code, name
on conflict on constraint employer_unique do nothing
