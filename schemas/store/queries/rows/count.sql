-- The totals follow and stay balanced.
update intake_batch
set rows_held = rows_held - 1,
    rows_loaded = rows_loaded + case when $2 = 'loaded' then 1 else 0 end,
    rows_warned = rows_warned + case when $2 = 'warned' then 1 else 0 end,
    rows_rejected = rows_rejected + case when $2 = 'rejected' then 1 else 0 end
where id = $1 and state = 'finished'
