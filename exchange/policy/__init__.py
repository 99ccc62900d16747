"""Usage policies (使用控制策略): ODRL 2.2 as values, built, read, and evaluated in one place.

vocabulary    the terms that are understood
values        what constraints compare
policy        rules and policies, and the record that is stored
reading       a record to a policy, or why not
request       what is asked, and what is known of the world
constraints   what a constraint comes to
evaluator     policy, request and state to a report
report        the compliance report
intersection  scenario, conditions of use, rights and parents to one agreement
"""
