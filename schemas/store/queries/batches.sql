select b.id as "id: BatchId", b.shape, b.kind, b.sha256, b.issue_policy, b.as_of, b.state, b.phase, b.position,
       b.registered_by, b.registered_at, b.finished_at, b.failure,
       f.name as file_name, f.location, f.titles,
       b.rows_read, b.rows_loaded, b.rows_warned, b.rows_held, b.rows_rejected, b.rows_dropped,
       s.created as "certificates_created!", s.updated as "certificates_updated!", s.unchanged as "certificates_unchanged!"
from intake_batch b
join intake_file f on f.batch_id = b.id
cross join lateral (
    select coalesce(sum(certificates_created), 0)::bigint as created, coalesce(sum(certificates_updated), 0)::bigint as updated,
           coalesce(sum(certificates_unchanged), 0)::bigint as unchanged
    from intake_step where batch_id = b.id
) s
where $1::bigint is null or b.id = $1
order by b.id desc
