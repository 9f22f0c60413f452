drop table photo_tally;
-- What went only with this migration is told in the words of the one before.
alter table photo_review disable trigger review_append_only;
update photo_review set decision = 'held' where decision in ('appealed', 'taken-back');
alter table photo_review enable trigger review_append_only;
alter table photo_review
    drop constraint review_decision_known,
    add constraint review_decision_known check (decision in ('approved', 'held', 'rejected')),
    drop column checks,
    drop column note,
    drop column reasons,
    drop column case_id;
drop table photo_case;
drop index photo_of_batch;
drop index photo_in_state;
drop index photo_of_nobody;
drop index row_of_photo;
drop index person_portrait;
drop table photo_likeness;
drop function likeness_distance(bytea, bytea);
drop function likeness_keys(bytea);
alter table photo
    drop constraint photo_replaced_is_told,
    drop column replaced_from,
    drop column replaced_by,
    drop column policy;
