drop table status_list;
drop table status_permutation;
