update intake_row r
set turn = o.turn
from (
    select row_no, row_number() over (order by fields ->> 'on', row_no) as turn
    from intake_row
    where batch_id = $1 and fields is not null and outcome in ('loaded', 'warned')
) o
where r.batch_id = $1 and r.row_no = o.row_no
