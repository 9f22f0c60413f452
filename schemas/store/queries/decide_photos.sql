with decided as (
    select *
    from unnest($2::bigint[], $3::text[], $4::jsonb[], $5::jsonb[], $6::bytea[], $7::text[])
         as d (photo_id, decision, findings, checks, sha256, key)
), changed as (
    update photo f
    set state = d.decision, portrait_sha256 = d.sha256, portrait_key = d.key, reviewed_at = now()
    from decided d
    where f.id = d.photo_id and f.state = 'received'
      -- An undone register may have taken the holder away since the photo was looked at.
      and f.person_id is not null
    returning f.id, f.person_id, d.decision, d.findings, d.checks
), noted as (
    insert into photo_review (photo_id, reviewer, decision, findings, checks)
    select id, $1, decision, findings, checks from changed
)
select person_id as "person!: PersonId", id as "photo: PhotoId" from changed order by id
