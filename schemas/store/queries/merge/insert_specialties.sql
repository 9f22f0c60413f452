insert into certificate_specialty (certificate_id, position, category, valid_until)
select c.id, s.position, s.item ->> 'category', (s.item ->> 'valid_until')::date
from intake_row r
join certificate c on c.kind = $2 and c.number = r.number,
     jsonb_array_elements(r.specialties) with ordinality as s (item, position)
where r.batch_id = $1 and r.row_no = any ($3)
