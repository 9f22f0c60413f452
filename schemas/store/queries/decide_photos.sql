with decided as (
    select *
    from unnest($2::bigint[], $3::text[], $4::jsonb[], $5::bytea[], $6::text[]) as d (photo_id, decision, findings, sha256, key)
), changed as (
    update photo f
    set state = d.decision, portrait_sha256 = d.sha256, portrait_key = d.key, reviewed_at = now()
    from decided d
    where f.id = d.photo_id and f.state in ('received', 'held') and f.state <> d.decision
    returning f.id, f.person_id, d.decision, d.findings
), noted as (
    insert into photo_review (photo_id, reviewer, decision, findings)
    select id, $1, decision, findings from changed
)
select person_id as "person!: PersonId", id as "photo: PhotoId" from changed
