"""The principals and policies of a register, and what they may do, one by one."""
