"""Which gates and whose approvals does this promotion need, and why?"""
