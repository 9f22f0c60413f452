insert into certificate_specialty (certificate_id, position, category, valid_until)
select p.certificate_id, s.position, s.item ->> 'category', (s.item ->> 'valid_until')::date
from certificate_prior p, jsonb_array_elements(p.content -> 'specialties') with ordinality as s (item, position)
where p.batch_id = $1
