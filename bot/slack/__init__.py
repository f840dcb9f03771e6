"""How does Gatehouse hear people in Slack, and speak there?"""
