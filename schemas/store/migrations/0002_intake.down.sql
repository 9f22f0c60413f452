alter table person drop constraint person_portrait_photo;
drop table photo_review;
drop table photo;
drop table intake_row;
drop table intake_file;
drop table intake_batch;
