-- Cases 16 and 49: several rows of one certificate of one person. Identical rows collapse into the first; of different
-- ones the newest by issue date speaks; without a newest one all are held. Held rows take part: where the newest is one, the
-- older ones wait with it, since it may say that the certificate has ended. Rows of one day and one status that differ otherwise
-- are one record twice, not a history.
with candidate as materialized (
    select r.row_no, r.number, r.issued_on, r.outcome = 'held' as held, concat(legal_status, locked) as status,
           md5(jsonb_build_array(name, id_number, category, specialties, employer_name, employer_code, duty, first_issued_on, issued_on,
                                 valid_from, valid_until, legal_status, locked)::text) as content
    from unnest($2::bigint[]) as s (row_no) join intake_row r using (row_no)
    where r.batch_id = $1 and r.outcome in ('loaded', 'warned', 'held')
), ranked as (
    select row_no, number, content, issued_on, held, status,
           max(issued_on) over same_number as newest,
           row_number() over (partition by number, content, held order by row_no) as copy_no
    from candidate
    window same_number as (partition by number)
), contest as (
    select number,
           count(distinct content) filter (where issued_on is not distinct from newest) as newest_contents,
           count(distinct status) filter (where issued_on is not distinct from newest) as newest_states,
           bool_and(held) filter (where issued_on is not distinct from newest) as newest_is_held,
           bool_or(issued_on is null) as undated
    from ranked
    group by number
), verdict as (
    select r.row_no,
           case
               when r.copy_no > 1 then 'duplicate-row'
               when c.undated and r.newest is not null or c.newest_states > 1 then 'tie-of-number'
               when c.newest_contents > 1 then 'duplicate-row-differs'
               when r.issued_on < r.newest and c.newest_is_held then 'newer-row-held'
               when r.issued_on < r.newest then 'older-row-of-number'
           end as code
    from ranked r
    join contest c using (number)
    where not r.held
)
update intake_row r
set outcome = case when v.code in ('tie-of-number', 'duplicate-row-differs', 'newer-row-held') then 'held' else r.outcome end,
    superseded = v.code not in ('tie-of-number', 'duplicate-row-differs', 'newer-row-held'),
    findings = r.findings || jsonb_build_array(jsonb_build_object('code', v.code, 'original', r.number))
from verdict v
where v.code is not null and r.batch_id = $1 and r.row_no = v.row_no
  and not r.findings @> jsonb_build_array(jsonb_build_object('code', v.code))
