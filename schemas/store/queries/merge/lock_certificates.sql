-- Locks on certificates that a delivery calls locked: one on each, and none where staff have lifted it on the day on which the
-- delivery was true or later. What an undone batch had locked counts for nothing.
with wanted as (
    select distinct on (certificate_id) certificate_id, row_no
    from unnest($2::bigint[], $3::bigint[]) as w (certificate_id, row_no)
    order by certificate_id, row_no
), added as (
    insert into lock (certificate_id, cause, cause_text, since, set_by, batch_id, row_no)
    select w.certificate_id, $4, $5, least(b.as_of, $7::date), $6, $1, w.row_no
    from wanted w, intake_batch b
    where b.id = $1
      and not exists (select from lock l
                      where l.certificate_id = w.certificate_id and l.cause_text = $5
                        and (l.lifted_at is null or (l.lifted_at at time zone 'Asia/Shanghai')::date >= b.as_of)
                        and not exists (select from batch_undo u where u.batch_id = l.batch_id))
    returning id, certificate_id, row_no
), noted as (
    insert into audit (actor, action, subject, detail)
    select $6, 'lock-added', 'lock:' || id, jsonb_build_object('cause', $4::text, 'certificate', certificate_id, 'person', null)
    from added
)
select id as "id: LockId", certificate_id as "certificate!: CertificateId", row_no as "row_no!" from added order by id
