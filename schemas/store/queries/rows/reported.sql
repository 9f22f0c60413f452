-- What is not plainly loaded. Of a photo whose name told its holder, what the review makes of it counts.
select r.row_no, r.sheet, r.line, coalesce(p.state, r.outcome) as "outcome!",
       r.findings || coalesce((select v.findings from photo_review v where v.photo_id = p.id order by v.id desc limit 1), '[]') as "findings!",
       r.original
from intake_row r
left join photo p on p.id = r.photo_id and p.state in ('held', 'rejected') and r.outcome in ('loaded', 'warned')
where r.batch_id = $1 and (r.outcome <> 'loaded' or p.id is not null)
      and not (r.outcome = 'dropped' and (r.findings @> '[{"code": "title-row"}]' or r.findings @> '[{"code": "header-row"}]'))
order by r.row_no
