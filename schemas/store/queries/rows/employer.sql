insert into employer (name, match_key, code)
select employer_name, employer_key, coalesce(employer_code, '')
from intake_row
where batch_id = $1 and row_no = $2 and employer_key is not null
on conflict on constraint employer_unique do nothing
