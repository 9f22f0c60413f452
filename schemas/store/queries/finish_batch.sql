update intake_batch b
set state = 'finished', phase = 'finished', finished_at = now(), rows_read = $2,
    rows_loaded = t.loaded, rows_warned = t.warned, rows_held = t.held, rows_rejected = t.rejected,
    rows_dropped = t.dropped
from (
    select count(*) filter (where outcome = 'loaded') as loaded,
           count(*) filter (where outcome = 'warned') as warned,
           count(*) filter (where outcome = 'held') as held,
           count(*) filter (where outcome = 'rejected') as rejected,
           count(*) filter (where outcome = 'dropped') as dropped
    from intake_row
    where batch_id = $1
) t
where b.id = $1 and b.state = 'running'
