drop index photo_once_per_holder;
update photo set state = 'replaced' where state = 'withdrawn';
delete from photo f using photo g
where (f.id_kind, f.id_number, f.original_sha256) = (g.id_kind, g.id_number, g.original_sha256) and f.id > g.id
  and not exists (select from photo_review r where r.photo_id = f.id) and not exists (select from person p where p.portrait_photo_id = f.id);
alter table photo
    drop constraint photo_state_known,
    add constraint photo_state_known check (state in ('received', 'approved', 'held', 'rejected', 'replaced')),
    add constraint photo_once_per_holder unique (id_kind, id_number, original_sha256);
drop trigger event_not_lost on certificate_event;
drop trigger event_append_only on certificate_event;
create trigger event_append_only before update or delete on certificate_event for each statement execute function refuse_change();
drop function refuse_event_loss();
drop table undone_event, undone_record, batch_undo, certificate_prior;
drop index row_held;
drop table row_resolution, batch_census, intake_profile;
