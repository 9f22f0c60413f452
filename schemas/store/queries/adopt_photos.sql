with adopted as (
    update photo f set person_id = p.id
    from person p
    where f.person_id is null and (f.id_kind, f.id_number) = (p.id_kind, p.id_number)
    returning f.id, f.person_id, f.batch_id, f.state
), loaded as (
    update intake_row r
    set outcome = 'loaded',
        findings = (select coalesce(jsonb_agg(f), '[]') from jsonb_array_elements(r.findings) f where f ->> 'code' <> 'photo-unmatched')
    from adopted a
    -- Also the rows of later deliveries that brought it again.
    where r.photo_id = a.id and r.outcome = 'held' and r.findings @> '[{"code": "photo-unmatched"}]'
    returning r.batch_id
), counted as (
    -- The totals of a finished batch follow, and stay balanced.
    update intake_batch b set rows_held = rows_held - l.n, rows_loaded = rows_loaded + l.n
    from (select batch_id, count(*) as n from loaded group by batch_id) l
    where b.id = l.batch_id and b.state = 'finished'
)
select id as "photo: PhotoId", person_id as "person!: PersonId", state
from adopted
order by id
