with known as (
    select row_no as above, sheet, array(select json_array_elements_text(original)) as titles from intake_row
    where batch_id = $1 and outcome = 'dropped' and findings @> '[{"code": "header-row"}]'
    union all
    select from_row - 1, sheet, titles from intake_titles where batch_id = $1
)
select above as "above!", sheet as "sheet!", titles as "titles!" from known
union all
select 0, '', titles from intake_file where batch_id = $1 and titles <> '{}' and not exists (select from known)
order by 1
