insert into certificate_specialty (certificate_id, position, category, valid_until)
select $1, (select coalesce(max(s.position), 0) from certificate_specialty s where s.certificate_id = $1) + w.place, w.category, $2
from unnest($3::text[]) with ordinality as w (category, place)
where not exists (select from certificate_specialty s where s.certificate_id = $1 and s.category = w.category)
