"""Try everything at once for ten minutes: killed and stopped runners, harmful photos, leaving clients.

run         the whole: its length, the rules, the report
system      a registry and a balancer in processes of their own, as they are in service
engine      the real engine, in which marked photos do harm
runner      a runner process with it
photos      photos of unlike sizes, and what each looks like in each style, painted by the engine alone
clients     what is sent, and whether the answer is right
counts      what became of every photo
chaos       which runner is killed, and when
"""
