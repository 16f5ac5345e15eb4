"""Long work: the `jobs` table as truth, worker processes, and the way of events back to the web process.

JobService (people, modules)  --insert-->  jobs table  <--claim/settle--  JobStore  <-- JobRunner <-- worker process
        |                                      ^                                                        ^
        +--> JobCarrier (doorbell or Celery) --|--------------------------------------------------------+
Supervisor: starts workers, puts back what a dead one held        EventSender --> EventReceiver --> event bus
"""
