"""Have the balancer learn styles from paintings, and publish what was learnt."""
