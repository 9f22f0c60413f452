-- Known certificates as they are before a delivery changes them, so that it can be undone.
insert into certificate_prior (batch_id, certificate_id, content)
select $1::bigint, c.id, to_jsonb(c) || jsonb_build_object('specialties', coalesce(
    (select jsonb_agg(jsonb_build_object('category', s.category, 'valid_until', s.valid_until) order by s.position)
     from certificate_specialty s where s.certificate_id = c.id), '[]'))
from certificate c
where c.id = any ($2)
on conflict do nothing
