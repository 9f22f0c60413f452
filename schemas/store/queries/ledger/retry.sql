-- Dead jobs wait anew, with as many attempts as a fresh one has; failed ones are due at once and keep the attempts that they have left.
update job
set dispatch = dispatch + 1, run_at = least(run_at, clock_timestamp()), finished_at = null,
    max_attempts = case when state = 'dead' then attempt + $2 else max_attempts end,
    state = case when state = 'dead' then 'waiting' else state end
where id = any ($1)
