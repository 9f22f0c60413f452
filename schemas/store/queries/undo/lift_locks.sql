-- Locks that a batch set on certificates that were known before; those of its own certificates leave with them.
with lifted as (
    update lock l
    set lifted_at = now(), lifted_by = $2, lift_reason = '批次' || $1::bigint || '已撤回'
    from certificate c
    where l.batch_id = $1 and l.lifted_at is null and c.id = l.certificate_id and c.batch_id is distinct from $1
    returning l.id
)
insert into audit (actor, action, subject, detail)
select $2, 'lock-lifted', 'lock:' || id, jsonb_build_object('undone', $1::bigint) from lifted
