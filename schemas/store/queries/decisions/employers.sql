insert into employer (name, match_key, code)
select distinct on (w.key, coalesce(w.code, '')) w.name, w.key, coalesce(w.code, '')
from unnest($1::text[], $2::text[], $3::text[]) as w (name, key, code)
where w.key is not null
order by w.key, coalesce(w.code, '')
on conflict on constraint employer_unique do nothing
