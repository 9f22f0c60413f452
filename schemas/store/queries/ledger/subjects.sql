-- The certificates, photos, batch or status list of a job, with their states. Ids that are no numbers name nothing.
with mine as (
    select payload, batch_id, subject from job where id = $1
), certificates as (
    select case when value::text ~ '^[0-9]{1,18}$' then value::text::bigint end as id from mine, jsonb_array_elements(case jsonb_typeof(payload -> 'certificates') when 'array' then payload -> 'certificates' else '[]' end)
), photos as (
    select case when value::text ~ '^[0-9]{1,18}$' then value::text::bigint end as id from mine, jsonb_array_elements(case jsonb_typeof(payload -> 'photos') when 'array' then payload -> 'photos' else '[]' end)
)
select * from (
    select 'certificate:' || c.id as "subject!", c.legal_status || ' ' || c.stage as "state!" from certificates i join certificate c on c.id = i.id
    union all
    select 'photo:' || p.id, p.state from photos i join photo p on p.id = i.id
    union all
    select 'batch:' || b.id, b.state from mine join intake_batch b on mine.subject = 'batch:' || b.id
) s
order by 1 limit $2
